export * from './rapport.types';
