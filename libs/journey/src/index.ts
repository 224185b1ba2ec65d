export * from './touchpoint';
export * from './definition';
export * from './decision';
export * from './advance.types';
