/** Names that a document uses before it is known whether they exist: checked when everything is read. */
import { closestWord } from '../../language/closest-word';
import type { FaultList } from '../../language/definition/fault-list';

export type Named = 'play' | 'team' | 'template' | 'trait';

const WHERE: Readonly<Record<Named, string>> = {
  play: 'Name a play of this document',
  team: 'Add it to "teams", or name one that is there',
  template: 'Add it to "templates", or name one that is there',
  trait: 'Name a trait of the profile (locale, timeZone, tags), or one that a step sets',
};

export class References {
  private readonly uses: { kind: Named; name: string; path: string }[] = [];

  add(kind: Named, name: string, path: string): void {
    this.uses.push({ kind, name, path });
  }

  check(kind: Named, known: ReadonlySet<string>, faults: FaultList): void {
    for (const use of this.uses) {
      if (use.kind !== kind || known.has(use.name)) continue;
      const near = closestWord(use.name, known);
      const mend = near === undefined ? listed(kind, known) : `Did you mean "${near}"?`;
      faults.add(use.path, `"${use.name}" is no ${kind} of this document`, mend);
    }
  }
}

function listed(kind: Named, known: ReadonlySet<string>): string {
  return known.size === 0 ? WHERE[kind] : `${WHERE[kind]}: ${[...known].join(', ')}`;
}
