import { MasterKeys } from '#apps/casework/vault/master-keys';
import { Vault } from '#apps/casework/vault/vault';

/** 32 bytes in base64, the same each time; another number is another key. */
export const masterKey = (number = 1): string => Buffer.alloc(32, number).toString('base64');

export const testVault = (): Vault => new Vault(new MasterKeys([masterKey()]));
