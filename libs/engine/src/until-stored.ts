/** Appends at exact revisions until everything is on disk. */
import type { AppendRequest, AppendResult } from '@rapport/event-store';

const RETRY_APPEND_MS = 250;

/**
 * A full disk must stop nobody for ever: what could not be stored is sent again, at the same revisions. Throws what `moved` makes
 * of a stream that is not where its one writer left it.
 */
export async function untilStored(
  append: (requests: AppendRequest[]) => Promise<AppendResult[]>,
  requests: AppendRequest[],
  moved: (request: AppendRequest, actual: number) => Error,
): Promise<AppendResult[]> {
  const results = await append(requests);
  for (;;) {
    const again = requests.flatMap((request, i) => {
      const result = results[i]!;
      if (result.ok) return [];
      if (result.reason === 'unavailable') return [{ request, i }];
      throw moved(request, result.actual);
    });
    if (again.length === 0) return results;
    await new Promise((resolve) => setTimeout(resolve, RETRY_APPEND_MS));
    const second = await append(again.map((entry) => entry.request));
    again.forEach((entry, k) => (results[entry.i] = second[k]!));
  }
}
