/** The first Ctrl-C asks long work to stop cleanly; a second one ends the process at once. */
import { EXIT } from '../exit-code';
import { note } from './notes';

export function interruptSignal(message: string): AbortSignal {
  const controller = new AbortController();
  const ask = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    note(message);
    controller.abort();
  };
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
  return controller.signal;
}
