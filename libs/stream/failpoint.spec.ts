import { armFailpoint, failpoint } from '#stream/failpoint';

describe('a failpoint', () => {
  const kill = jest.spyOn(process, 'kill').mockImplementation(() => true);
  afterEach(() => {
    armFailpoint(undefined);
    kill.mockClear();
  });

  it('kills the process the n-th time it is passed', () => {
    armFailpoint('relay.after-append:3');
    for (let n = 0; n < 2; n++) failpoint('relay.after-append');
    failpoint('relay.before-append');
    expect(kill).not.toHaveBeenCalled();
    failpoint('relay.after-append');
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGKILL');
  });

  it('does nothing when none is armed', () => {
    armFailpoint('');
    failpoint('relay.after-append');
    expect(kill).not.toHaveBeenCalled();
  });

  it.each(['relay.nowhere', 'relay.after-append:0', 'relay.after-append:x'])('refuses %s', (text) => {
    expect(() => armFailpoint(text)).toThrow('no failpoint');
  });
});
