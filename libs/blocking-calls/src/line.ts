/** What travels between the end that asks and the end that answers. */
import type { MessagePort } from 'node:worker_threads';

/** What the asking thread needs; hand it over with `port` in the transfer list. */
export interface LineEnd {
  port: MessagePort;
  /** Raised by one with each answer. */
  signal: SharedArrayBuffer;
}

export interface Question {
  id: number;
  method: string;
  args: unknown[];
}

/** An error on its way between threads: a class does not travel, so its name does. */
export interface Failure {
  name: string;
  message: string;
}

export type Answer = { id: number; value: unknown } | { id: number; failed: Failure };

/** What a line can be asked: asynchronous methods whose arguments and results can be cloned. */
export type Methods = { readonly [method: string]: (...args: never[]) => Promise<unknown> };

/** Names of the methods of an interface, for a line that is typed by it. */
export type MethodOf<M> = {
  [K in keyof M & string]: M[K] extends (...args: never[]) => Promise<unknown> ? K : never;
}[keyof M & string];
export type ArgsOf<M, K extends keyof M> = M[K] extends (...args: infer A) => Promise<unknown> ? A : never;
export type ValueOf<M, K extends keyof M> = M[K] extends (...args: never[]) => Promise<infer V> ? V : never;

/** An answer that does not come within this time never does: the thread that should give it has ended, or hangs. */
export const ANSWER_MS_MAX = 120_000;

/** The call failed at the other end, or was not answered. `reason` = the name of the error there. */
export class BlockingCallFailed extends Error {
  constructor(
    message: string,
    readonly reason = 'Error',
  ) {
    super(message);
  }
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  return { name: error.constructor.name, message: error.message };
}
