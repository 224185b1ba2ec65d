export * from './read-models';
export * from './play-rows';
export * from './play-folds';
export {
  currentGeneration,
  generations,
  nextGeneration,
  readModelPath,
  removeGeneration,
  removeOldGenerations,
  switchGeneration,
} from './sqlite/generation';
export { READ_MODEL_FORMAT, ReadModelFormatError } from './sqlite/schema';
export { SqliteReadModelFile } from './sqlite/read-model-file';
export {
  openReadModelWriter,
  ReadModelWriteError,
  type ReadModelWriterOptions,
  SqliteReadModelWriter,
} from './sqlite/writer';
export { openEngineReader, SqliteEngineReader } from './sqlite/engine-reader';
export { openReadModelQueries, SqliteReadModelQueries } from './sqlite/queries';
export { backupReadModels } from './sqlite/backup';
export { MongoServerUnfit, type MongoSettings } from './mongodb/mongo-settings';
export { FencedError } from './mongodb/fenced-error';
export { type MongoThread, openMongoThread } from './mongodb/mongo-thread';
