// breaks: auditor-stands-alone
export { clean } from '#stream/clean';
