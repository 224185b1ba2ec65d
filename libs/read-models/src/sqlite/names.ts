/** The dictionary of stages, engagements, kinds and channels: rows and indexes hold its numbers. 0 = no name. */
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';

export const NO_NAME = 0;
/** Channels come from outside; beyond this many the cache starts again. */
const NAMES_CACHED_MAX = 50_000;

export class NameReader {
  protected readonly numbers = new Map<string, number>();
  private readonly texts = new Map<number, string>();
  private readonly byNumber: StatementSyncInstance;
  private readonly byText: StatementSyncInstance;

  constructor(db: DatabaseSyncInstance) {
    this.byNumber = db.prepare('SELECT name FROM names WHERE id = ?');
    this.byText = db.prepare('SELECT id FROM names WHERE name = ?');
  }

  /** The number of a name; undefined where no row has ever had it. */
  find(name: string): number | undefined {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const row = this.byText.get(name) as { id: number } | undefined;
    if (row !== undefined) this.remember(name, row.id);
    return row?.id;
  }

  /** The name of a number other than NO_NAME. */
  text(id: number): string {
    const known = this.texts.get(id);
    if (known !== undefined) return known;
    const row = this.byNumber.get(id) as { name: string } | undefined;
    if (row === undefined) throw new Error(`Read models: no name has the number ${id}. Run \`rapport rebuild\`.`);
    this.remember(row.name, id);
    return row.name;
  }

  textOrNull(id: number): string | null {
    return id === NO_NAME ? null : this.text(id);
  }

  protected remember(name: string, id: number): void {
    if (this.numbers.size >= NAMES_CACHED_MAX) this.forget();
    this.numbers.set(name, id);
    this.texts.set(id, name);
  }

  forget(): void {
    this.numbers.clear();
    this.texts.clear();
  }
}

/** Adds names; used by the one writer only. After a rollback call forget(): numbers given since are gone. */
export class NameWriter extends NameReader {
  private readonly insert: StatementSyncInstance;

  constructor(db: DatabaseSyncInstance) {
    super(db);
    this.insert = db.prepare('INSERT INTO names (name) VALUES (?)');
  }

  number(name: string | null): number {
    if (name === null || name === '') return NO_NAME;
    return this.numbers.get(name) ?? this.find(name) ?? this.add(name);
  }

  private add(name: string): number {
    const id = Number(this.insert.run(name).lastInsertRowid);
    this.remember(name, id);
    return id;
  }
}
