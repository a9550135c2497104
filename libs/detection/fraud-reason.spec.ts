import { isFraudReason } from '#detection/fraud-reason';

it.each(['10.4', '10.1', '4837', '4863', '7030', 'fraud', '', undefined, '1.34', '113.1', '13.1x', '48531', '14.1'])(
  '%p says that a stranger paid',
  (code) => {
    expect(isFraudReason(code)).toBe(true);
  },
);

it.each([
  '11.3',
  '12.6.1',
  '12.6.2',
  '12.1',
  '12.3',
  '12.5',
  '13.10',
  '12.6.10',
  '13.1',
  ' 13.6 ',
  '13.7',
  '4834',
  '4853',
  '4842',
  '4846',
  '4534',
  '4541',
  '4542',
  '4586',
  '4865',
  '8002',
  '4755',
  'U009',
  'U010',
  'U021',
  'U022',
  'U023',
  'u008',
])('%p disputes something else', (code) => {
  expect(isFraudReason(code)).toBe(false);
});
