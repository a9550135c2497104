// breaks: app-console
export { clean } from '../actuator/clean';
