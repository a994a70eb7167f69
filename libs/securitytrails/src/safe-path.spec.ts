import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidNameError } from './errors.js';
import { pathOf } from './safe-path.js';

const path = pathOf('history');

describe('pathOf', () => {
  it('keeps a name as it is', () => {
    expect(path`history/${'_dmarc.example.com'}/dns/${'a'}?page=1`).toBe(
      'history/_dmarc.example.com/dns/a?page=1',
    );
  });

  it.each([
    ['../account/usage', '..%2Faccount%2Fusage'],
    ['x?apikey=y', 'x%3Fapikey%3Dy'],
    ['x#y', 'x%23y'],
    ['%2e%2e', '%252e%252e'],
    ['a\r\nb c', 'a%0D%0Ab%20c'],
    ['\\..\\', '%5C..%5C'],
  ])('encodes %j into one segment', (value, segment) => {
    expect(path`history/${value}/dns`).toBe(`history/${segment}/dns`);
  });

  it.each(['', '.', '..', '\ud800'])('refuses %j', (value) => {
    expect(() => path`history/${value}/dns`).toThrow(InvalidNameError);
  });

  it('never lets a value change the path around it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        let built: string;
        try {
          built = path`history/${value}/dns`;
        } catch (cause) {
          return cause instanceof InvalidNameError;
        }
        const { pathname, search, hash } = new URL(`http://example.com/v1/${built}`);
        return pathname === `/v1/${built}` && search === '' && hash === '';
      }),
    );
  });
});
