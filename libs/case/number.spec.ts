import fc from 'fast-check';
import { caseIdOf, caseNumberOf, readCaseNumber } from '#case/number';

describe('case numbers', () => {
  it('look like MW-XXXX-XXXX-XXXX-X and derive from the finding', () => {
    expect(caseNumberOf(caseIdOf('finding-1'))).toMatch(/^MW(-[0-9A-HJKMNP-TV-Z]{4}){3}-[0-9A-Z*~$=]$/);
    expect(caseIdOf('finding-1')).toBe(caseIdOf('finding-1'));
    expect(caseIdOf('finding-1')).not.toBe(caseIdOf('finding-2'));
  });

  it('are read back however a person types them', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const number = caseNumberOf(id);
        expect(readCaseNumber(number)).toBe(number);
        expect(readCaseNumber(` ${number.toLowerCase().replaceAll('-', ' ')} `)).toBe(number);
        expect(readCaseNumber(number.slice(0, 3) + number.slice(3).replaceAll('0', 'O').replaceAll('1', 'l'))).toBe(number);
      }),
    );
  });

  it('one wrong symbol, or two exchanged, is noticed', () => {
    const number = caseNumberOf('case-1');
    for (let place = 3; place < number.length - 2; place++) {
      if (number[place] === '-') continue;
      for (const symbol of '0123456789ABCDEFGHJKMNPQRSTVWXYZ')
        if (symbol !== number[place])
          expect(readCaseNumber(number.slice(0, place) + symbol + number.slice(place + 1))).toBeUndefined();
    }
    expect(readCaseNumber('')).toBeUndefined();
    expect(readCaseNumber('MW-1')).toBeUndefined();
  });
});
