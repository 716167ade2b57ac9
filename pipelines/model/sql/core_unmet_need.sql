-- One row per need of the year that was not met, with its reason: a request at most once, a kit, or a wait that was closed
with
requests as (
    select * from core_request
),

dispositions as (
    select * from core_disposition
),

kits as (
    select * from core_kit
),

-- Waits that are over: the service began, or they were closed without it.
waits as (
    select * from core_waiting where ended_date is not null
),

needs as (
    select * from code where vocabulary = 'unmet_need'
),

of_requests as (
    select
        concat('request-', requests.request_id) as need_key,
        requests.person_key,
        requests.period,
        case
            when dispositions.after_request_code = 'non_rejointe' then 'demande_non_rejointe'
            when dispositions.after_request_code = 'refus_capacite' then 'refus_capacite'
            when dispositions.after_request_code = 'liste_attente' then 'attente_apres_demande'
            when dispositions.after_first_meeting_code in ('attente_p1', 'attente_p2', 'attente_p3')
                then 'attente_apres_rencontre'
        end as reason_code
    from requests
    inner join dispositions
        on requests.request_id = dispositions.request_id
    -- The waiting list says how it ended: a need that was met since is none, and one that was not is told once.
    where not exists (select 1 from waits where waits.request_id = requests.request_id)
),

of_kits as (
    select
        concat('kit-', kit_id) as need_key,
        person_key,
        period,
        'trousse_non_rejointe' as reason_code
    from kits
    where not is_reached
),

of_waits as (
    select
        concat('wait-', waits.waiting_id) as need_key,
        waits.person_key,
        waits.closed_period as period,
        -- What is no reason is a kind of missing answer.
        case
            when needs.code is not null then concat('attente_fermee_', waits.unmet_need_code)
            else waits.unmet_need_code
        end as reason_code
    from waits
    left join needs
        on waits.unmet_need_code = needs.code
    where waits.closed_period is not null
),

final as (
    select * from of_requests where reason_code is not null
    union all
    select * from of_kits
    union all
    select * from of_waits
)

select * from final
