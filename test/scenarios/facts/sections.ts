import { amounts } from './amounts';
import { deliveries } from './deliveries';
import { duplicates } from './duplicates';
import { holds } from './holds';
import { refunds } from './refunds';
import { statements } from './statements';
import { takeovers } from './takeovers';
import { twins } from './twins';

/** What facts.md says of each kind, as stories. */
export const sections = {
  'Duplicate charge': duplicates,
  'Duplicate charge, twins': twins,
  'Holds and stuck funds': holds,
  Refunds: refunds,
  'Amounts and fees': amounts,
  'Statements, wallets, limits': statements,
  'Not delivered': deliveries,
  'Account takeover': takeovers,
};
