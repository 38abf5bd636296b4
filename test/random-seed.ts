/**
 * Random tests try the same cases in every run, so that a change that is refused broke something itself. `SEED=random` (or a number) with
 * `RUNS=` looks further; what is found there becomes a test with a name.
 */
import fc from 'fast-check';

const asked = process.env.SEED;
if (asked !== 'random') fc.configureGlobal({ seed: asked === undefined ? 20_261_121 : Number(asked) });
