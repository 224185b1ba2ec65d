/** Axes as numbers. */
import type { Axis } from '../read-models';

export const STAGE_AXIS = 0;
export const AXES: readonly Axis[] = ['stage', 'engagement'];

export function axisNumber(axis: Axis): number {
  return axis === 'stage' ? STAGE_AXIS : 1;
}
