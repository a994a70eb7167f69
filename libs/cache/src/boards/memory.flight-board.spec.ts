import { flightBoardContract } from '../../../../test/contract/flight-board.contract.js';
import { MemoryFlightBoard } from './memory.flight-board.js';

flightBoardContract(() => {
  let now = 1_750_000_000_000;
  return Promise.resolve({
    board: new MemoryFlightBoard(() => now),
    elapse: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  });
});
