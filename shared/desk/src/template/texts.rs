//! The platform's own texts. The first line is the subject.
#![expect(
    non_upper_case_globals,
    reason = "each is called after the code it belongs to"
)]

pub(super) const TicketAutoresp: &str = "\
Support Ticket Opened [#%{ticket.number}]

Your request has been received, and ticket #%{ticket.number} has been opened for it.

You can follow it, and add to it, here:
%{recipient.ticket_link}

%{signature}";

pub(super) const TicketAutoreply: &str = "\
Re: %{ticket.subject} [#%{ticket.number}]

%{response}

If this does not help, you can answer here:
%{recipient.ticket_link}

%{signature}";

pub(super) const MessageAutoresp: &str = "\
Message Confirmation

Your message has been added to ticket #%{ticket.number}.

You can follow it here:
%{recipient.ticket_link}

%{signature}";

pub(super) const TicketNotice: &str = "\
%{ticket.subject} [#%{ticket.number}]

%{staff.name} has opened ticket #%{ticket.number} for you.

%{message}

You can follow it, and add to it, here:
%{recipient.ticket_link}

%{signature}";

pub(super) const TicketOverlimit: &str = "\
Open Tickets Limit Reached

You have as many open tickets as one person can have here, so no new one was opened.

Please wait until one of them is closed, or add to one of them.

%{signature}";

pub(super) const TicketReply: &str = "\
Re: %{ticket.subject} [#%{ticket.number}]

%{response}

You can see the whole ticket here:
%{recipient.ticket_link}

%{signature}";

pub(super) const TicketActivityNotice: &str = "\
Re: %{ticket.subject} [#%{ticket.number}]

%{poster.name} has written to a ticket that you take part in:

%{message}

You can see the whole ticket here:
%{recipient.ticket_link}

%{signature}";

pub(super) const TicketAlert: &str = "\
[#%{ticket.number}] New: %{ticket.subject}

A new ticket came in: %{ticket.subject}

From: %{ticket.name} <%{ticket.email}>
Department: %{ticket.dept.name}

%{message}

%{ticket.staff_link}";

pub(super) const MessageAlert: &str = "\
New Message Alert

%{poster.name} has written to ticket #%{ticket.number}: %{ticket.subject}

%{message}

%{ticket.staff_link}";

pub(super) const NoteAlert: &str = "\
New Internal Activity Alert

Ticket #%{ticket.number}: %{ticket.subject}

%{note}

%{ticket.staff_link}";

pub(super) const AssignedAlert: &str = "\
Ticket Assigned to you

%{assigner.name} has assigned ticket #%{ticket.number} to %{assignee}: %{ticket.subject}

%{comments}

%{ticket.staff_link}";

pub(super) const TransferAlert: &str = "\
Ticket #%{ticket.number} transfer - %{ticket.dept.name}

%{staff.name} has transferred ticket #%{ticket.number} to %{ticket.dept.name}: %{ticket.subject}

%{comments}

%{ticket.staff_link}";

pub(super) const TicketOverdue: &str = "\
Stale Ticket Alert

Ticket #%{ticket.number} was due at %{ticket.due_date}: %{ticket.subject}

Department: %{ticket.dept.name}

%{ticket.staff_link}";

pub(super) const TaskAlert: &str = "\
New Task Alert

New task #%{task.number}: %{task.title}

%{message}";

pub(super) const TaskActivityNotice: &str = "\
Re: %{task.title} [#%{task.number}]

%{poster.name} has written to a task that you take part in:

%{message}

%{signature}";

pub(super) const TaskActivityAlert: &str = "\
Task Activity [#%{task.number}] - %{activity}

Task #%{task.number}: %{task.title}

%{note}";

pub(super) const TaskAssignmentAlert: &str = "\
Task Assigned to you

%{assigner.name} has assigned task #%{task.number} to %{assignee}: %{task.title}

%{comments}";

pub(super) const TaskTransferAlert: &str = "\
Task #%{task.number} transfer - %{task.dept.name}

%{staff.name} has transferred task #%{task.number} to %{task.dept.name}: %{task.title}

%{comments}";

pub(super) const TaskOverdueAlert: &str = "\
Stale Task Alert

Task #%{task.number} was due at %{task.due_date}: %{task.title}";
