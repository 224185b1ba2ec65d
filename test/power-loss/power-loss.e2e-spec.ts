/**
 * Simulated power cuts. `POWER_LOSS_IMAGES` sets how many images (200), `POWER_LOSS_SEED` where the seeds begin; each workload gives IMAGES_PER_WORKLOAD of them.
 * Simulated cuts do not cover disks or firmware that lie about what is on them.
 */
import { straceIsMissing } from './recording';
import { runPowerLoss } from './power-loss';
import type { Sabotage } from './plan';

const IMAGES = Number(process.env['POWER_LOSS_IMAGES'] ?? 200);
const SEED = Number(process.env['POWER_LOSS_SEED'] ?? 1);
const ONLY = process.env['POWER_LOSS_IMAGE'];
const IMAGES_PER_WORKLOAD = 500;
/** A sabotage that is not noticed within so many images would mean that the images prove nothing. */
const CONTROL_IMAGES = 200;

jest.setTimeout(30_000 + IMAGES * 100);

const missing = straceIsMissing();
if (missing && process.env['CI'] === 'true') throw new Error('The power-loss tests need strace, and CI must have it.');
if (missing) console.log('skipped: the power-loss tests need strace, which is not installed');
const withStrace = missing ? describe.skip : describe;

withStrace('power loss', () => {
  it(`loses nothing acknowledged and invents nothing, in ${ONLY === undefined ? IMAGES : 1} images`, async () => {
    const failures: string[] = [];
    for (let done = 0, seed = SEED; done < IMAGES; seed++) {
      const images = Math.min(IMAGES - done, IMAGES_PER_WORKLOAD);
      const run = await runPowerLoss(ONLY === undefined ? { seed, images } : { seed, images, only: Number(ONLY) });
      for (const { image, cut, problem } of run.failures)
        failures.push(
          `${problem} (cut at operation ${cut}; replay: POWER_LOSS_SEED=${seed} POWER_LOSS_IMAGE=${image} npx jest test/power-loss)`,
        );
      done += ONLY === undefined ? images : IMAGES;
    }
    expect(failures).toEqual([]);
  });

  it.each<Sabotage>(['normalSynchronous', 'noWalSync', 'noDatabaseSync', 'acknowledgeFirst'])(
    'notices %s within so many images',
    async (sabotage) => {
      const run = await runPowerLoss({ seed: SEED, images: CONTROL_IMAGES, sabotage, first: true });
      expect(run.failures).toHaveLength(1);
      console.log(`${sabotage} was noticed in image ${run.images}: ${run.failures[0]?.problem}`);
    },
  );
});
