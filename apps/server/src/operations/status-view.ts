/** How the server stands, for people and programs; /metrics has more figures, and /health the verdict. */
import type { DispatchSnapshot, RapportEngine, StatusSnapshot } from '@rapport/engine';
import { effectsView, type EffectsView } from '../effects/effects-view';

const FIGURES = [
  'head',
  'engine',
  'readModels',
  'lagEvents',
  'lagSeconds',
  'customers',
  'unsettledCustomers',
  'ingested',
  'duplicates',
  'parked',
  'decisions',
  'timersDue',
  'generation',
] as const satisfies readonly (keyof StatusSnapshot)[];
export const STATUS_FIGURES: readonly string[] = FIGURES;

interface Since {
  detail: string;
  since: string;
}

export interface DispatchView {
  open: number;
  underWay: number;
  position: number;
  restarts: number;
  /** Why nothing is sent, and when it is tried again. */
  failure: (Since & { nextTry: string }) | null;
}

export type StatusView = Pick<StatusSnapshot, (typeof FIGURES)[number]> & {
  ready: boolean;
  /** Why touchpoints are not taken. */
  unavailable: Since | null;
  clock: { suspect: boolean; detail: string } | null;
  /** null = nothing is carried out: no plays. */
  dispatch: DispatchView | null;
  effects: EffectsView;
  position: number;
};

export function statusView(engine: RapportEngine): StatusView {
  const status = engine.status();
  const { ready, unavailable, clock, dispatch, readModels: position } = status;
  const figures = Object.fromEntries(FIGURES.map((name) => [name, status[name]]));
  return {
    ...(figures as Pick<StatusSnapshot, (typeof FIGURES)[number]>),
    ready,
    unavailable: unavailable ? { detail: unavailable.detail, since: moment(unavailable.since) } : null,
    clock: clock ?? null,
    dispatch: dispatch ? dispatchView(dispatch) : null,
    effects: effectsView(engine),
    position,
  };
}

export function dispatchView({ open, underWay, position, restarts, failure }: DispatchSnapshot): DispatchView {
  const failed = failure && {
    ...{ detail: failure.detail, since: moment(failure.since), nextTry: moment(failure.nextTry) },
  };
  return { open, underWay, position, restarts, failure: failed ?? null };
}

const moment = (ms: number): string => new Date(ms).toISOString();
