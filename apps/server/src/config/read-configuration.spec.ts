import { ConfigurationRefused } from './configuration';
import { readConfiguration } from './read-configuration';
import type { Environment, Flags } from './sources';

const FOLDER = '(a folder)';

const read = (flags: Flags = {}, env: Environment = {}, files: { [path: string]: string } = {}) =>
  readConfiguration(flags, env, (path) => textOf(files[path]), '/folder');

/** As the file system says it. */
function textOf(text: string | undefined): string | undefined {
  if (text === FOLDER) throw Object.assign(new Error('EISDIR: illegal operation on a directory'), { code: 'EISDIR' });
  return text;
}

function faultsOf(flags: Flags, env: Environment = {}, files: { [path: string]: string } = {}): string[] {
  try {
    read(flags, env, files);
  } catch (error) {
    if (error instanceof ConfigurationRefused)
      return error.faults.map((fault) => `${fault.where} | ${fault.problem} ${fault.mend}`);
    throw error;
  }
  return [];
}

describe('readConfiguration', () => {
  it('has defaults for everything', () => {
    expect(read()).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      data: '/folder/rapport-data',
      logLevel: 'info',
      warnings: [],
    });
    expect(read().definition).toBeUndefined();
  });

  it('lets flags win over the environment, and the environment over the file', () => {
    const files = {
      '/folder/rapport.config.yaml': 'port: 1\nhost: localhost\nlogLevel: debug\nlimits:\n  bodyBytesMax: 2048\n',
    };
    const configuration = read({ port: '3' }, { PORT: '2', HOST: '127.0.0.2' }, files);
    expect(configuration).toMatchObject({ port: 3, host: '127.0.0.2', logLevel: 'debug' });
    expect(configuration.limits.bodyBytesMax).toBe(2048);
    expect(configuration.limits.sseClientsMax).toBeGreaterThan(0);
  });

  it('takes port 0, paths from the folder, lists, and limits from the environment', () => {
    const env = {
      PORT: '0',
      RAPPORT_DATA: './here',
      RAPPORT_DEFINITION: '/d.yaml',
      RAPPORT_ALLOWED_HOSTS: 'a.b, C:8080',
      RAPPORT_SSE_CLIENTS_MAX: '7',
    };
    const configuration = read({}, env, { '/d.yaml': 'name: x' });
    expect(configuration).toMatchObject({
      port: 0,
      data: '/folder/here',
      definition: '/d.yaml',
      allowedHosts: ['a.b', 'c:8080'],
    });
    expect(configuration.limits.sseClientsMax).toBe(7);
  });

  it('lists all faults at once, each with where and its mend', () => {
    const files = {
      '/folder/my.json': '{"prot": 1, "limits": {"bodyBytes": 1}, "logLevel": "loud", "allowRemote": 3}',
    };
    const faults = faultsOf({ port: '70000' }, { HOST: '0.0.0.0', RAPPORT_CONFIG: './my.json' }, files);
    expect(faults).toHaveLength(6);
    expect(faults.join('\n')).toContain('--port | "70000" is no whole number from 0 to 65535.');
    expect(faults.join('\n')).toContain('Did you mean "port"?');
    expect(faults.join('\n')).toContain('Did you mean "bodyBytesMax"?');
    expect(faults.join('\n')).toContain('debug, info, warn, error');
    expect(faults.join('\n')).toContain('--allow-remote');
  });

  it('refuses a file that is missing though named, broken, or no mapping', () => {
    expect(faultsOf({ config: 'gone.yaml' })[0]).toContain('There is no such file');
    expect(faultsOf({}, {}, { '/folder/rapport.config.json': '{"port": ' })[0]).toContain('cannot be read');
    expect(faultsOf({}, {}, { '/folder/rapport.config.yaml': '- 1' })[0]).toContain('no mapping');
    expect(faultsOf({}, {}, { '/folder/rapport.config.yaml': '' })).toEqual([]);
  });

  it('takes plays by a word or from a folder', () => {
    expect(read().plays).toBeUndefined();
    expect(read({ plays: 'none' }, { RAPPORT_PLAYS: 'default' }).plays).toBe('none');
    expect(read({}, { RAPPORT_PLAYS: 'default' }).plays).toBe('default');
    expect(read({ plays: './default' }, {}, { '/folder/default': FOLDER }).plays).toEqual({
      folder: '/folder/default',
    });
  });

  it('refuses a folder of plays that is none', () => {
    expect(faultsOf({ plays: './gone' })).toEqual([
      expect.stringContaining('There is no folder /folder/gone. Write none, default'),
    ]);
    expect(faultsOf({ plays: 'x' }, {}, { '/folder/x': 'name: x' })).toEqual([
      expect.stringContaining('/folder/x is no folder.'),
    ]);
  });

  it('takes a definition from a folder, where it holds one', () => {
    const files = { '/folder/mine': FOLDER, '/folder/mine/definition.yaml': 'name: x' };
    expect(read({ definition: './mine' }, {}, files).definition).toBe('/folder/mine');
    expect(faultsOf({ definition: './mine' }, {}, { '/folder/mine': FOLDER })).toEqual([
      expect.stringContaining('There is no file /folder/mine/definition.yaml.'),
    ]);
  });

  it('refuses a definition file that is not there', () => {
    expect(faultsOf({ definition: './gone.yaml' })).toEqual([
      expect.stringContaining('There is no file /folder/gone.yaml.'),
    ]);
  });

  it('warns where the server can be reached from other machines on purpose', () => {
    const configuration = read({ host: '0.0.0.0', allowRemote: true });
    expect(configuration.warnings).toHaveLength(1);
    expect(read({ host: '[::1]' })).toMatchObject({ host: '::1', warnings: [] });
  });

  it('offers the EventStoreDB protocol where a port is named, and not on the port of the API', () => {
    expect(read().eventstorePort).toBeUndefined();
    expect(read({ eventstorePort: '2113', eventstoreWrites: true })).toMatchObject({
      ...{ eventstorePort: 2113, eventstoreWrites: true, warnings: [] },
    });
    expect(read({}, { RAPPORT_EVENTSTORE_WRITES: 'true' }).warnings).toEqual([expect.stringMatching(/eventstorePort/)]);
    expect(faultsOf({ port: '2113' }, { RAPPORT_EVENTSTORE_PORT: '2113' })).toEqual([
      expect.stringMatching(/RAPPORT_EVENTSTORE_PORT \| 2113 is the port of the HTTP API/),
    ]);
    expect(faultsOf({ port: '0' }, { RAPPORT_EVENTSTORE_PORT: '0' })).toEqual([]);
  });
});
