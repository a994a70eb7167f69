import { describe, expect, it } from '@jest/globals';

import { judgeAddress } from './address-range.js';

describe('judgeAddress', () => {
  it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
    'takes %s for public',
    (address) => {
      expect(judgeAddress(address)).toBe('public');
    },
  );

  it.each([
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.1.1',
    '100.64.0.1',
    '100.127.255.255',
    '::1',
    'fe80::1',
    'fc00::1',
    'fdff::1',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::7f00:1',
    '64:ff9b::10.0.0.1',
  ])('takes %s for private', (address) => {
    expect(judgeAddress(address)).toBe('private');
  });

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '255.255.255.255',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '192.0.0.1',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '198.18.0.1',
    '192.88.99.1',
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '168.63.129.16',
    'fd00:ec2::254',
    '::',
    'ff02::1',
    '2001:db8::1',
    '3fff::1',
    '2002:7f00:1::',
    '2001::1',
    '64:ff9b:1::a00:1',
    '::7f00:1',
    'fec0::1',
    '100::1',
    '4000::1',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    'fe80::1%eth0',
    '127.1',
    '0x7f000001',
    '2130706433',
    'example.com',
    '',
  ])('lets %j never be a target', (address) => {
    expect(judgeAddress(address)).toBe('never');
  });
});
