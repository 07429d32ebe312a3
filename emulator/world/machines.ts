import { type Mapping, mapping, text, whole } from './shape.ts';

/** The role of a machine, and its sessions. */
export interface MachineRole {
  readonly role: string;
  readonly sessionName: string;
  /** Seconds. */
  readonly sessionDuration: number;
}

/** What runs on AWS and has a role of its own. */
export interface Machines {
  readonly task: MachineRole & { readonly credentialsId: string };
  readonly pod: MachineRole & { readonly token: string };
  /** Without a role where no instance profile is attached. */
  readonly instance: Omit<MachineRole, 'role'> & { readonly role?: string; readonly tokens: 'optional' | 'required' };
}

function readSessions(value: Mapping, where: string): Omit<MachineRole, 'role'> {
  return {
    sessionName: text(value.sessionName, `${where}.sessionName`),
    sessionDuration: whole(value.sessionDuration, `${where}.sessionDuration`),
  };
}

/** Reads the machines of world.yaml. */
export function readMachines(value: Mapping): Machines {
  const task = mapping(value.task, 'machines.task');
  const pod = mapping(value.pod, 'machines.pod');
  const instance = mapping(value.instance, 'machines.instance');
  return {
    task: {
      role: text(task.role, 'machines.task.role'),
      ...readSessions(task, 'machines.task'),
      credentialsId: text(task.credentialsId, 'machines.task.credentialsId'),
    },
    pod: {
      role: text(pod.role, 'machines.pod.role'),
      ...readSessions(pod, 'machines.pod'),
      token: text(pod.token, 'machines.pod.token'),
    },
    instance: {
      ...(instance.role === undefined ? {} : { role: text(instance.role, 'machines.instance.role') }),
      ...readSessions(instance, 'machines.instance'),
      tokens: instance.tokens === 'required' ? 'required' : 'optional',
    },
  };
}
