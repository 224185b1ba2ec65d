/** The newest frames, so that one change is written as text once, however many subscribers there are. */
import type { StoredEvent } from '@rapport/event-store';
import { frameOf } from './change-frames';
import type { Frame, Told } from './change-frames';

const FRAMES_KEPT_MAX = 512;
/** Longer frames are made again for each subscriber: the cache stays below FRAMES_KEPT_MAX times this. */
const FRAME_KEPT_CHARS_MAX = 16_384;

export class FrameCache {
  private readonly kept = new Map<string, Frame | undefined>();

  frame(event: StoredEvent, told: Told): Frame | undefined {
    const key = `${event.position}${told}`;
    if (this.kept.has(key)) return this.kept.get(key);
    const made = frameOf(event, told);
    if (made === undefined || made.text.length <= FRAME_KEPT_CHARS_MAX) this.keep(key, made);
    return made;
  }

  private keep(key: string, frame: Frame | undefined): void {
    if (this.kept.size >= FRAMES_KEPT_MAX) {
      const oldest = this.kept.keys().next();
      if (oldest.done !== true) this.kept.delete(oldest.value);
    }
    this.kept.set(key, frame);
  }
}
