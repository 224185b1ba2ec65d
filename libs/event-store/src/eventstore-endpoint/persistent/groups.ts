import type { ChunkLog } from '../../chunk-log';
import { EventCursor } from '../../event-cursor';
import { type Appender, newEvent } from '../streams/appender';
import { Group } from './group';
import { GroupMemory } from './group-memory';
import { groupExists, groupFailed, groupId, type GroupName, noSuchGroup } from './group-name';
import { type GroupSettings, settingsProblem } from './group-settings';

/** Says which groups there are, and how each is set: the newest word on a group counts. */
const CONFIG_STREAM = '$persistentSubscriptionConfig';
const CONFIGURED_TYPE = '$GroupConfigured';
const DELETED_TYPE = '$GroupDeleted';
const PAGE_EVENTS = 256;

type Configured = GroupName & { settings: GroupSettings };

/** All persistent subscriptions of a log. */
export class Groups {
  private readonly groups = new Map<string, Group>();

  private constructor(
    private readonly log: ChunkLog,
    private readonly appender: Appender,
    private readonly say: (problem: string) => void,
  ) {}

  static async load(log: ChunkLog, appender: Appender, say: (problem: string) => void): Promise<Groups> {
    const groups = new Groups(log, appender, say);
    for (const configured of await configuredGroups(log)) groups.open(configured);
    return groups;
  }

  of(name: GroupName): Group {
    const group = this.groups.get(groupId(name));
    if (group === undefined) throw noSuchGroup(name);
    return group;
  }

  list(source?: string): Group[] {
    return [...this.groups.values()].filter(({ name }) => source === undefined || name.source === source);
  }

  async create(name: GroupName, settings: GroupSettings): Promise<void> {
    if (this.groups.has(groupId(name))) throw groupExists(name);
    this.check(name, settings);
    this.open({ ...name, settings });
    await this.note(CONFIGURED_TYPE, { ...name, settings });
  }

  /** Its consumers must connect again. */
  async update(name: GroupName, settings: GroupSettings): Promise<void> {
    const before = this.of(name);
    this.check(name, settings);
    await before.close(true);
    const { filter } = before.settings;
    const changed = { ...settings, ...(filter && { filter }) };
    this.open({ ...name, settings: changed });
    await this.note(CONFIGURED_TYPE, { ...name, settings: changed });
  }

  async delete(name: GroupName): Promise<void> {
    const group = this.of(name);
    this.groups.delete(groupId(name));
    await group.close(true);
    await group.memory.forget();
    await this.note(DELETED_TYPE, name);
  }

  async close(): Promise<void> {
    await Promise.all(this.list().map((group) => group.close(false)));
  }

  private open({ settings, ...name }: Configured): void {
    const memory = new GroupMemory(this.log, this.appender, name);
    this.groups.set(groupId(name), new Group(name, settings, this.log, memory, this.say));
  }

  private check(name: GroupName, settings: GroupSettings): void {
    const problem = settingsProblem(settings);
    if (problem !== undefined) throw groupFailed(name, problem);
  }

  private async note(type: string, what: GroupName | Configured): Promise<void> {
    const outcome = await this.appender.appendOwn(CONFIG_STREAM, [newEvent(type, JSON.stringify(what), true)]);
    if (outcome.kind !== 'success') throw groupFailed(what, `it could not be stored (${outcome.kind})`);
  }
}

async function configuredGroups(log: ChunkLog): Promise<Configured[]> {
  const found = new Map<string, Configured>();
  const cursor = new EventCursor();
  for (let next = 0; ;) {
    const chunks = await log.streamChunks(CONFIG_STREAM, next, PAGE_EVENTS);
    if (chunks.length === 0) return [...found.values()];
    for (const chunk of chunks) {
      cursor.reset(chunk);
      while (cursor.next()) {
        const { source, group, settings } = JSON.parse(cursor.data) as Configured;
        if (cursor.type === DELETED_TYPE) found.delete(groupId({ source, group }));
        else found.set(groupId({ source, group }), { source, group, settings });
      }
      next = chunk.firstRevision + chunk.count;
    }
  }
}
