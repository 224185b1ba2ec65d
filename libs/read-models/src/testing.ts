export * from './read-models.contract';
export * from './contract/rows';
