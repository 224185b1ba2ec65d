/** The contract of the read models: every adapter runs the whole of it. */
import type { EngineReader, Flush } from './read-models';
import { engineContract } from './contract/engine.contract';

export interface ReadModelsUnderTest {
  /** Resolves when the flush can be read. */
  write(flush: Flush): Promise<void>;
  engine: EngineReader;
  close(): Promise<void>;
}

export function readModelsContract(adapter: string, open: () => Promise<ReadModelsUnderTest>): void {
  describe(`${adapter}: what the engine reads back`, () => engineContract(open));
}
