-- One row per membership and year of which it has at least a day: a stock, told again each year
with
members as (
    select * from core_member
),

periods as (
    select * from period
),

final as (
    select
        members.member_id,
        periods.label as period,
        members.member_type_code,
        -- A membership without an end goes on; its last day is still one of membership.
        cast(members.until_date is null or members.until_date >= periods.last_day as integer) as at_year_end,
        cast(members.since_date >= periods.first_day as integer) as joined,
        case when members.since_date >= periods.first_day then members.organisation_id end as joined_organisation_id,
        members.load_id,
        members.source_file,
        members.source_row
    from members
    inner join periods
        on members.since_date <= periods.last_day
        and (members.until_date is null or members.until_date >= periods.first_day)
)

select * from final
