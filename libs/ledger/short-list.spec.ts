import { withItem } from '#ledger/short-list';

describe('a list with one item more', () => {
  it('has it last, however long the list is, and leaves the shorter list alone', () => {
    let list: number[] = [];
    for (let n = 0; n < 40; n++) {
      const before = [...list];
      const longer = withItem(list, n);
      expect(longer).toEqual([...before, n]);
      if (n < 16) expect(list).toEqual(before);
      list = longer;
    }
  });
});
