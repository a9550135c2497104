// breaks: no-restricted-syntax
it.skip('a second refund is refused', () => undefined);
