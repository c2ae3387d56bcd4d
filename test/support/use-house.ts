import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { Fixture } from '../../simulator/index.js';
import { openHouse, type House, type HouseOptions } from './house.js';

/** A house that stands while the tests of one file run; no test leaves a fault to the next. */
export function useHouse(fixture: Fixture = {}, options: HouseOptions = {}): House {
  const house = {} as House;
  beforeAll(async () => {
    Object.assign(house, await openHouse(fixture, options));
  });
  afterEach(() => {
    house.simulator.faults.clear();
  });
  afterAll(async () => {
    await house.close();
  });
  return house;
}
