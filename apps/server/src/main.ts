#!/usr/bin/env node
import { serveUntilStopped } from './serve';

void serveUntilStopped({}).then((code) => process.exit(code));
