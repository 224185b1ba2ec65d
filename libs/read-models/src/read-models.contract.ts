/** The contract of the read models: every adapter runs the whole of it. */
import { engineContract } from './contract/engine.contract';
import { playsContract } from './contract/plays.contract';
import { changesContract, customerListContract, modelsContract } from './contract/queries.contract';
import type { EngineReader, Flush, ReadModelQueries } from './read-models';

export interface ReadModelsUnderTest {
  /** Resolves when the flush can be read. */
  write(flush: Flush): Promise<void>;
  engine: EngineReader;
  queries: ReadModelQueries;
  close(): Promise<void>;
}

/** `open` answers with empty read models of their own each time. */
export function readModelsContract(adapter: string, open: () => Promise<ReadModelsUnderTest>): void {
  describe(`${adapter}: what the engine reads back`, () => engineContract(open));
  describe(`${adapter}: lists and counts of customers`, () => customerListContract(open));
  describe(`${adapter}: changes in force and reports`, () => changesContract(open));
  describe(`${adapter}: plays`, () => playsContract(open));
  describe(`${adapter}: parked, snapshots and the dump`, () => modelsContract(open));
}
