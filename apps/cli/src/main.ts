#!/usr/bin/env node
/** `rapport`: runs a command and ends with its exit code. */
import { EXIT } from './exit-code';
import { explain } from './output/explain';
import { runProgram } from './program';

// Whoever reads the output may stop reading (`rapport export | head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failure),
);

runProgram(process.argv).then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(explain(error)),
);
