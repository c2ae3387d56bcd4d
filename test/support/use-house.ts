import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Fixture } from '../../simulator/index.js';
import { openHouse, type House, type HouseOptions } from './house.js';
import { cloudOf } from './untidy-clouds.js';

/** A house that stands while the tests of one file run; no test leaves a fault to the next. */
export function useHouse(fixture: Fixture = {}, options: HouseOptions = {}): House {
  const house = {} as House;
  const untidy = cloudOf(expect.getState().testPath ?? '');
  beforeAll(async () => {
    Object.assign(house, await openHouse({ untidy, ...fixture }, options));
  });
  afterEach(() => {
    house.simulator.faults.clear();
  });
  afterAll(async () => {
    await house.close();
  });
  return house;
}
