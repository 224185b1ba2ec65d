export * from './blocking-line';
export * from './answering';
export * from './waiting-line';
