-- One row per membership, of a person or of an organisation, in the year in which it began
with
members as (
    select * from stg_member
),

periods as (
    select * from period
),

final as (
    select
        members.member_id,
        members.member_type_code,
        members.since_date,
        -- Most memberships began before the years of the requests: no year is no fault here.
        periods.label as period,
        members.until_date,
        members.until_date_missing,
        members.organisation_id,
        members.load_id,
        members.source_file,
        members.source_row
    from members
    left join periods
        on members.since_date between periods.first_day and periods.last_day
)

select * from final
