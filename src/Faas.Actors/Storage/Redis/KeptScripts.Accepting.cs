namespace Faas.Actors.Storage.Redis;

/// <content>The scripts by which a run comes in: into the queue, or at once into the hands of who executes it.</content>
internal static partial class KeptScripts
{
    /// <summary>
    /// Adds a run to the queue: id, path, rank (0: first), milliseconds since 1970 before which it does not start, most that wait of the
    /// path, in all, most bytes, form, call, input. Returns 0: accepted; 1: all are too many; 2: those of the path; 3: the bytes.
    /// </summary>
    internal const string Accepting = """
        local function isTooMuch(asked, input, most)
          local held = tonumber(call('GET', key('open')) or 0)
          return held > 0 and held + #asked + #input > tonumber(most)
        end
        local function accept(id, path, rank, after, ofPath, inAll, most, form, asked, input)
          if call('EXISTS', run(id)) == 1 then return 0 end
          if tonumber(call('HGET', key('waiting'), '') or 0) >= tonumber(inAll) then return 1 end
          if tonumber(call('HGET', key('waiting'), path) or 0) >= tonumber(ofPath) then return 2 end
          if isTooMuch(asked, input, most) then return 3 end
          local number = add(id, path, form, asked, input, 'queued')
          local place = string.format('%.0f', rank * 2 ^ 49 + number)
          call('HSET', run(id), 'place', place)
          count(path, 1)
          if tonumber(after) > now then call('ZADD', key('later'), after, id) else enqueue(id, path, place) end
          return 0
        end

        """;

    /// <summary>How many values <see cref="Accepting"/> takes.</summary>
    internal const int AcceptedValues = 10;

    /// <summary>ARGV: fence, and what <see cref="Accepting"/> takes. Returns what that does.</summary>
    public const string Accept = Common + Accepting + """
        return accept(unpack(ARGV, 2, 11))
        """;

    /// <summary>
    /// ARGV: as of <see cref="Accept"/>, and then the name of the call, or nothing, what it asks for, and the seat of who executes it at
    /// once, or nothing. Returns the number that <see cref="Accept"/> returns for a run that is not accepted; or the id that the name
    /// stands for now, and what the call of that run asked for.
    /// </summary>
    public const string Claim = Common + Accepting + """
        local id, name, print, seat = ARGV[2], ARGV[12], ARGV[13], ARGV[14]
        local known = name ~= '' and call('HGET', key('once'), name)
        if known then return {known, call('HGET', run(known), 'print')} end
        if seat == '' then
          local refused = accept(unpack(ARGV, 2, 11))
          if refused > 0 then return refused end
        else
          if isTooMuch(ARGV[10], ARGV[11], ARGV[8]) then return 3 end
          add(id, ARGV[3], ARGV[9], ARGV[10], ARGV[11], 'running')
          call('HSET', run(id), 'seat', seat, 'taken', now, 'attempt', 1)
          call('HSET', key('running'), seat, id)
        end
        if name ~= '' then
          call('HSET', run(id), 'once', name, 'print', print)
          call('HSET', key('once'), name, id)
        end
        return {id, print}
        """;

    /// <summary>
    /// ARGV: as of <see cref="Accept"/>, and then the id of the run whose place it takes. Returns the number that <see cref="Accept"/>
    /// returns for a run that is not accepted; or the id of the run that has taken the place.
    /// </summary>
    public const string Redrive = Common + Accepting + """
        local id, old = ARGV[2], ARGV[12]
        local earlier = call('HGET', run(old), 'redriven')
        if earlier then return earlier end
        local refused = accept(unpack(ARGV, 2, 11))
        if refused > 0 then return refused end
        if call('EXISTS', run(old)) == 1 then call('HSET', run(old), 'redriven', id) end
        return id
        """;
}
