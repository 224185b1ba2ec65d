export * from './touchpoint';
export * from './definition';
export * from './decision';
export * from './advance.types';
export * from './language/duration';
export * from './language/canonical-condition';
