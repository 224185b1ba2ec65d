/**
 * Rules that a dependency graph cannot see: sizes, names, and where the outside world may be read. `houseFaults` looks at one
 * file; the spec runs it over the tree, and over planted faults.
 */
import * as ts from 'typescript';

export const FILE_LINES_MAX = 300;
export const FUNCTION_LINES_MAX = 60;

const EMPTY_NAMES = /^(utils?|common|helpers?|misc|shared)(\.|$)/;
/** Where the environment may be read: configuration, what the terminal is like, and what starts programs. */
const READS_ENVIRONMENT = [
  /^apps\/server\/src\/(config\/.*|configuration|serve)\.ts$/,
  /^apps\/cli\/src\/commands\/demo\.command\.ts$/,
  /^apps\/cli\/src\/output\/(explain|progress)\.ts$/,
  /^(test|bench|scripts)\//,
  /\.spec\.ts$/,
];
const PURE = /^libs\/journey\/src\//;
const SPEC = /\.(e2e-)?spec\.ts$/;
const REGISTERS_TESTS = /^(describe|it|test)\w*$/;

export interface HouseFault {
  rule: 'file-too-long' | 'function-too-long' | 'empty-name' | 'environment' | 'clock-or-chance';
  at: string;
  says: string;
}

/** @param path relative to the root, with forward slashes. */
export function houseFaults(path: string, text: string): HouseFault[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const faults: HouseFault[] = [...nameFaults(path), ...lengthFaults(path, text)];
  const visit = (node: ts.Node): void => {
    faults.push(...functionFaults(path, source, node), ...accessFaults(path, source, node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return faults;
}

function nameFaults(path: string): HouseFault[] {
  const empty = path.split('/').find((part) => EMPTY_NAMES.test(part));
  if (empty === undefined) return [];
  return [{ rule: 'empty-name', at: path, says: `"${empty}" says nothing; name it for the thing it holds` }];
}

function lengthFaults(path: string, text: string): HouseFault[] {
  const lines = text.replace(/\n$/, '').split('\n').length;
  if (lines <= FILE_LINES_MAX) return [];
  return [
    { rule: 'file-too-long', at: path, says: `${lines} lines, at most ${FILE_LINES_MAX}: split it by what it tells` },
  ];
}

function functionFaults(path: string, source: ts.SourceFile, node: ts.Node): HouseFault[] {
  if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined || isGroupOfTests(source, node))
    return [];
  const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
  const lines = source.getLineAndCharacterOfPosition(node.getEnd()).line - first + 1;
  if (lines <= FUNCTION_LINES_MAX) return [];
  const says = `${lines} lines, at most ${FUNCTION_LINES_MAX}: name its parts`;
  return [{ rule: 'function-too-long', at: `${path}:${first + 1}`, says }];
}

/** A function that registers tests (the callback of `describe`, a contract suite) is a chapter, not a function. */
function isGroupOfTests(source: ts.SourceFile, node: ts.Node): boolean {
  if (!SPEC.test(source.fileName) && !/contract/.test(source.fileName)) return false;
  const body = 'body' in node ? (node.body as ts.Node | undefined) : undefined;
  if (body === undefined || !ts.isBlock(body)) return false;
  return body.statements.some((statement) => ts.isExpressionStatement(statement) && registersTests(source, statement));
}

function registersTests(source: ts.SourceFile, statement: ts.ExpressionStatement): boolean {
  if (!ts.isCallExpression(statement.expression)) return false;
  const name = /^\w*/.exec(statement.expression.expression.getText(source))?.[0] ?? '';
  return REGISTERS_TESTS.test(name);
}

function accessFaults(path: string, source: ts.SourceFile, node: ts.Node): HouseFault[] {
  const at = () => `${path}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText(source);
    if (text === 'process.env' && !READS_ENVIRONMENT.some((place) => place.test(path)))
      return [{ rule: 'environment', at: at(), says: 'read process.env in the configuration and hand the value in' }];
    if ((text === 'Date.now' || text === 'Math.random' || text === 'performance.now') && isPure(path))
      return [
        { rule: 'clock-or-chance', at: at(), says: `${text} in the pure core: time and chance come in with the input` },
      ];
  }
  if (ts.isNewExpression(node) && node.expression.getText(source) === 'Date' && !node.arguments?.length && isPure(path))
    return [{ rule: 'clock-or-chance', at: at(), says: 'new Date() in the pure core: time comes in with the input' }];
  return [];
}

function isPure(path: string): boolean {
  return PURE.test(path) && !SPEC.test(path);
}
