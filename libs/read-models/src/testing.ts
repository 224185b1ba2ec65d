export * from './read-models.contract';
export * from './contract/rows';
export { startTestMongo, type TestMongo } from './mongodb/mongo-server.fixture';
