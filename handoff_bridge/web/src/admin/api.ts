import type {
  InvitationAccepted,
  Invited,
  LinkMade,
  LoginSession,
  LoginSessions,
  People,
  Person,
  PersonAdd,
  PersonChange,
  SecondFactorState,
} from "../shared/contract";
import { call, post, sending } from "../shared/desk/api";

const person = (agentId: string, rest = "") => `/people/${encodeURIComponent(agentId)}${rest}`;

export const fetchPeople = async () => (await call<People>("/people")).people;
export const addPerson = (added: PersonAdd) => call<Person>("/people", post(added));
export const changePerson = (agentId: string, change: PersonChange) =>
  call<Person>(person(agentId), sending("PATCH", change));
export const deletePerson = (agentId: string) => call(person(agentId), { method: "DELETE" });
export const invitePerson = (agentId: string) => call<LinkMade>(person(agentId, "/invite"), post({}));
export const resetPerson = (agentId: string, secondFactor: boolean) =>
  call<LinkMade>(person(agentId, "/reset"), post({ second_factor: secondFactor }));

export const fetchSessions = async (agentId: string): Promise<LoginSession[]> =>
  (await call<LoginSessions>(person(agentId, "/sessions"))).sessions;
export const endSessions = (agentId: string) => call(person(agentId, "/sessions"), { method: "DELETE" });
export const endSession = (agentId: string, sessionId: string) =>
  call(person(agentId, `/sessions/${encodeURIComponent(sessionId)}`), { method: "DELETE" });

export const lookAtInvitation = (token: string) => call<Invited>("/auth/invitation/look", post({ token }));
export const acceptInvitation = (token: string, password: string) =>
  call<InvitationAccepted>("/auth/invitation", post({ token, password }));
export const changePassword = (present: string, password: string) =>
  call("/auth/password", post({ present, password }));
export const fetchSecondFactor = () => call<SecondFactorState>("/auth/totp");
export const removeSecondFactor = (code: string, password: string) =>
  call("/auth/totp/remove", post({ code, password }));
