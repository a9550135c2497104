// breaks: code-imports-no-test
export { clean } from '../../test/faults/clean';
