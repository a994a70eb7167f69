import { ledgerStoreContract } from '../../../test/contract/ledger-store.contract.js';
import { MemoryLedgerStore } from './memory.ledger-store.js';

ledgerStoreContract(() => Promise.resolve(new MemoryLedgerStore()));
