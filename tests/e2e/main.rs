//! One table of cases, driven over HTTP against a running server: the same on both runtimes.
//!
//! `cargo xtask test` starts the servers and says where they are; cases run one after another,
//! in the order they stand in. What a case needs it makes itself, under names of its own.

mod account;
mod administration;
mod api;
mod assets;
mod client;
mod contract;
mod database;
mod demo;
mod directory;
mod durability;
mod duties;
mod edges;
mod fields;
mod hostile;
mod intake;
mod load;
mod mail;
mod outbox;
mod page;
mod portal;
mod queues;
mod random;
mod raw;
mod rest;
mod server;
mod stage;
mod wall;

use std::error::Error;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::stage::Stage;

/// What a case returns: an error is what kept it from being tried; what is wrong panics.
type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

type Case = (&'static str, fn(&Stage) -> Outcome);

macro_rules! cases {
    ($($area:ident: $($case:ident),+;)+) => {
        const CASES: &[Case] = &[$($((
            concat!(stringify!($area), "::", stringify!($case)),
            $area::$case,
        )),+),+];
    };
}

cases! {
    database:
        the_conformance_suite_passes,
        forty_callers_draw_forty_numbers;
    assets:
        static_files_are_hashed_and_kept_for_ever,
        an_unknown_static_file_is_not_found;
    portal:
        the_landing_page_belongs_to_the_host,
        a_ticket_goes_from_the_form_to_the_page_behind_the_mailed_link,
        a_refused_form_keeps_what_was_typed,
        a_form_without_its_token_is_refused,
        a_ticket_without_its_link_looks_like_none,
        files_go_along_with_a_ticket_and_a_message;
    account:
        a_user_signs_in_by_a_mailed_link_once,
        an_unknown_address_is_answered_alike,
        a_user_raises_for_a_realm_below_and_writes_to_the_ticket,
        the_link_to_a_ticket_is_mailed_again;
    api:
        a_ticket_is_answered_with_its_number_alone,
        every_refusal_has_osticket_s_words,
        the_tenant_is_the_key_s_whatever_the_host,
        sixteen_callers_get_sixteen_numbers;
    rest:
        a_program_opens_reads_works_and_answers_a_ticket,
        a_repeated_call_has_its_effect_once,
        a_change_of_what_was_changed_is_refused,
        every_page_of_a_list_is_reached,
        a_key_sees_its_own_branch,
        a_team_works_a_ticket,
        the_reference_is_served_without_a_key;
    contract:
        every_call_has_two_paths_and_a_verb_in_the_query,
        xml_and_mail_are_refused_in_osticket_s_words,
        files_come_back_byte_for_byte_to_whoever_has_the_link;
    mail:
        a_mail_opens_a_ticket_once,
        a_mail_in_a_charset_of_many_bytes_is_read,
        a_reply_goes_on_with_its_ticket,
        a_wrong_secret_answers_like_an_unknown_address,
        a_large_mail_is_taken_in;
    queues:
        nobody_is_sent_to_sign_in,
        an_agent_sees_the_queues_as_page_and_json,
        an_agent_opens_a_ticket_for_a_user,
        older_pages_lead_to_every_ticket_once,
        a_ticket_wanders_through_the_queues,
        every_queue_holds_what_it_counts,
        a_session_of_one_tenant_is_nobody_in_another,
        an_agent_sees_their_own_realm_and_those_below,
        signing_out_ends_the_session;
    administration:
        only_administrators_get_in,
        realms_are_made_three_levels_deep,
        a_moved_subtree_is_seen_from_its_new_place_and_back_to_the_byte,
        a_granted_realm_is_seen_at_the_next_request_and_not_after,
        a_closed_realm_is_gone_until_it_is_opened,
        a_setting_is_inherited_and_says_so,
        lists_follow_the_selected_realm,
        a_limited_agent_sees_what_is_referred_to_them_and_no_more;
    intake:
        topics_forms_and_filters_count_for_the_next_ticket,
        a_filter_refuses_until_it_is_switched_off,
        a_mail_says_what_was_written_for_it,
        a_filter_answers_with_a_canned_reply;
    fields:
        an_agent_fills_in_a_ticket_anew,
        users_and_organizations_have_profiles,
        an_item_of_a_list_has_properties,
        a_room_is_typed_on_the_portal;
    directory:
        a_key_opens_tickets_until_it_is_revoked,
        a_banned_address_opens_no_tickets_until_it_is_taken_off,
        what_is_done_stands_in_the_log;
    duties:
        departments_and_teams_are_made_changed_and_removed;
    wall:
        agents_see_what_a_walk_of_the_tree_finds;
    edges:
        an_unknown_host_is_not_found,
        a_wrong_method_is_told_so,
        an_unknown_path_is_not_found,
        a_body_beyond_12_mb_is_refused,
        an_answer_carries_its_length,
        the_sweep_wants_its_secret;
    hostile:
        a_script_in_every_field_stays_text,
        a_line_break_makes_no_header,
        bytes_that_are_not_utf_8_break_nothing,
        a_broken_form_with_files_is_refused_whole,
        a_nul_breaks_nothing,
        rubbish_where_tokens_belong_is_nobody,
        a_broken_request_leaves_the_server_up;
    durability:
        a_killed_server_loses_no_ticket_and_halves_none;
    load:
        sixty_four_callers_for_ten_seconds;
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // The cases share a server, whose outbox and queues they look into.
    arguments.test_threads = Some(1);
    let stage = match Stage::find() {
        Ok(stage) => stage,
        Err(error) => {
            eprintln!("error: {error}");
            eprintln!(
                "These tests need a running server: `cargo xtask test` starts one on each runtime."
            );
            return ExitCode::FAILURE;
        }
    };
    let stage: &'static Stage = Box::leak(Box::new(stage));
    let trials = CASES.iter().map(|(name, case)| {
        Trial::test(*name, move || {
            case(stage).map_err(|error| Failed::from(error.to_string()))
        })
        .with_kind(stage.runtime.clone())
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
