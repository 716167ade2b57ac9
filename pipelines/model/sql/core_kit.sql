-- One row per forensic kit that a designated centre told us of, in its year, with the delay of the first call
with
kits as (
    select * from stg_kit
),

periods as (
    select * from period
),

delay_bands as (
    select * from code where vocabulary = 'call_delay'
),

dated as (
    select
        kits.*,
        periods.label as period,
        date_diff('day', kits.received_date, kits.first_call_date) as call_delay_days
    from kits
    left join periods
        on kits.received_date between periods.first_day and periods.last_day
),

final as (
    select
        dated.kit_id,
        dated.person_id,
        -- Without a pseudonym each kit is taken for another person: protection counts persons.
        coalesce(dated.person_id, dated.kit_id) as person_key,
        dated.kit_date,
        dated.kit_date_missing,
        dated.received_date,
        dated.period,
        dated.first_call_date,
        dated.first_call_date_missing,
        dated.is_reached,
        case
            when dated.is_reached then 'rejointe'
            when not dated.is_reached then 'non_rejointe'
            else dated.is_reached_missing
        end as reached_code,
        dated.age_group_code,
        dated.call_delay_days,
        coalesce(delay_bands.code, dated.first_call_date_missing) as call_delay_code,
        dated.load_id,
        dated.source_file,
        dated.source_row
    from dated
    left join delay_bands
        on dated.call_delay_days >= delay_bands.lower
        and (delay_bands.upper is null or dated.call_delay_days <= delay_bands.upper)
)

select * from final
