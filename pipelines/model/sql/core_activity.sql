-- One row per activity of prevention or awareness, in its year, with its whole length
with
activities as (
    select * from stg_activity
),

periods as (
    select * from period
),

-- The school year of Quebec begins on 1 July (Education Act, s. 13); it is known by the calendar year of that day.
dated as (
    select
        activities.*,
        periods.label as period,
        year(activities.activity_date - interval 6 month) as school_begins,
        year(periods.last_day - interval 6 month) as last_school_begins
    from activities
    left join periods
        on activities.activity_date between periods.first_day and periods.last_day
),

final as (
    select
        activities.activity_id,
        activities.activity_date,
        activities.period,
        activities.school_begins || '-' || (activities.school_begins + 1) as school_year,
        case
            when activities.school_begins = activities.last_school_begins then 'annee_scolaire_en_cours'
            when activities.period is not null then 'annee_scolaire_precedente'
        end as school_part_code,
        activities.activity_type_code,
        activities.setting_code,
        activities.site_id,
        activities.group_count,
        activities.group_count_missing,
        -- A workshop given without a word about groups was given to no group that could be added up.
        coalesce(activities.group_count, 0) as groups,
        activities.animation_minutes,
        activities.animation_minutes_missing,
        activities.preparation_minutes,
        activities.preparation_minutes_missing,
        activities.travel_minutes,
        activities.travel_minutes_missing,
        coalesce(activities.animation_minutes, 0)
        + coalesce(activities.preparation_minutes, 0)
        + coalesce(activities.travel_minutes, 0) as minutes,
        activities.funder_code,
        activities.load_id,
        activities.source_file,
        activities.source_row
    from dated as activities
)

select * from final
