/** Where Nest finds the running engine, an interface without a class of its own. */
export const ENGINE = Symbol('RapportEngine');
