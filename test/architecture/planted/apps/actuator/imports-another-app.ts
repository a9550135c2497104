// breaks: app-actuator
export { clean } from '../gateway/clean';
