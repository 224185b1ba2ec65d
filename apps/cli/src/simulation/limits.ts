/** Bounds of a simulation. Apart from the rest, so that the help needs no library. */
export const SIMULATED_CUSTOMERS_MAX = 1_000_000;
export const SIMULATED_MONTHS_MAX = 240;
