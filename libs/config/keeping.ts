import { duration, secrets, section, text } from '#config/leaf';

const day = 86_400_000;

export const vault = section(
  {
    masterKeys: secrets(
      'Keys that wrap the keys of buyers: 32 bytes in base64 (`openssl rand -base64 32`), the newest first. Both while one replaces the other: ' +
        'casework wraps everything anew by the newest and says when the older is needed no more.',
      '^[A-Za-z0-9+/]{43}=$',
    ),
  },
  'Personal data lies encrypted, by a key for each buyer: without the key it is erased.',
);

export const retention = section(
  {
    erasureWaitMs: duration(
      60 * day,
      [0, 400 * day],
      'A buyer is not erased before so long after their last case closed: until then they may appeal.',
    ),
    casesMs: duration(
      1_826 * day,
      [396 * day, 36_600 * day],
      'A closed case is cut to its end and loses what is personal so long after it closed. Never within 13 months: so long may a payment be disputed (PSD2).',
    ),
    filesMs: duration(
      396 * day,
      [60 * day, 36_600 * day],
      'Files of a case are removed so long after it closed; 13 months: PSD2 claims.',
    ),
    findingsMs: duration(
      396 * day,
      [day, 36_600 * day],
      'Findings that are in no case are forgotten so long after they became true; 13 months: PSD2 claims.',
    ),
    messagesMs: duration(
      14 * day,
      [day, 366 * day],
      'Ids of messages taken in, by which a message sent again is known: a relay that crashed sends again within minutes.',
    ),
    requestsMs: duration(
      2 * day,
      [day, 30 * day],
      'Answers to requests, by their Idempotency-Key; others keep them from 24 hours to 30 days.',
    ),
    deliveriesMs: duration(30 * day, [day, 366 * day], 'Tries to deliver a notice; receivers are tried again over days.'),
    auditMs: duration(
      3_653 * day,
      [396 * day, 36_600 * day],
      'Who asked for an erasure or a legal hold, who agreed, and why, once it is over.',
    ),
  },
  'How long things are kept. What is open, or on legal hold, is kept whatever its age.',
);

export const evidence = section(
  {
    anchorsFile: text(
      '',
      'A file, one for each casework process, to which the ends of evidence chains are added after each change; empty: none. Copied elsewhere, ' +
        '`makewhole verify --anchors` shows by it what was cut or written anew.',
    ),
  },
  'Evidence that proves itself also to those who do not trust the database.',
);
