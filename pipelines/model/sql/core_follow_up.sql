-- One row per follow-up of a person, in the year in which it was opened; `end_period` is the year in which it ended
with
follow_ups as (
    select * from stg_follow_up
),

periods as (
    select * from period
),

final as (
    select
        follow_ups.follow_up_id,
        follow_ups.person_id,
        -- Without a pseudonym each follow-up is taken for another person: protection counts persons.
        coalesce(follow_ups.person_id, follow_ups.follow_up_id) as person_key,
        follow_ups.service_type_code,
        follow_ups.start_date,
        follow_ups.start_date_missing,
        follow_ups.end_date,
        follow_ups.end_date_missing,
        openings.label as period,
        endings.label as end_period,
        -- What goes on has no reason to have ended.
        case
            when follow_ups.end_date is null and follow_ups.end_reason_code = 'non_disponible' then 'sans_objet'
            else follow_ups.end_reason_code
        end as end_reason_code,
        follow_ups.load_id,
        follow_ups.source_file,
        follow_ups.source_row
    from follow_ups
    left join periods as openings
        on follow_ups.start_date between openings.first_day and openings.last_day
    left join periods as endings
        on follow_ups.end_date between endings.first_day and endings.last_day
)

select * from final
