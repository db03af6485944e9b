using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Faas.Client;

/// <summary>Writes the bodies of calls and reads their answers. By hand, because a value may nest as deep as a script makes it.</summary>
internal static class RunJson
{
    private const int MostLevels = 100_010;
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = MostLevels };

    /// <summary>The body of a call.</summary>
    /// <param name="input">The input; null: none.</param>
    /// <param name="options">How it is called.</param>
    /// <param name="stream">Whether it is streamed.</param>
    /// <param name="code">The code and its language, if it is not stored.</param>
    /// <param name="priority">Of an asynchronous run; null: none.</param>
    /// <param name="notBefore">Of an asynchronous run; null: none.</param>
    /// <param name="then">What an asynchronous run hands on to; null: nothing.</param>
    public static byte[] Body(
        JsonNode? input,
        RunOptions? options,
        bool stream,
        (string Language, string Text)? code,
        int? priority = null,
        DateTimeOffset? notBefore = null,
        RunThen? then = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = MostLevels }))
        {
            json.WriteStartObject();
            if (code is var (language, text))
            {
                json.WriteString("language", language);
                WriteSource(json, text, options);
                WriteSettings(json, options?.Settings);
            }

            WriteInput(json, input, options?.InputJson);
            RunFileJson.Write(json, options?.Files);
            WriteFlag(json, "stream", stream);
            WriteFlag(json, "logs", options is { Logs: true } && !stream);
            WriteFlag(json, "stats", options is { Stats: true } && !stream);
            if (priority is { } number)
            {
                json.WriteNumber("priority", number);
            }

            if (notBefore is { } time)
            {
                json.WriteString("notBefore", time);
            }

            if (then is not null)
            {
                json.WritePropertyName("then");
                JsonSerializer.Serialize(json, then, ClientJson.Default.RunThen);
            }

            if (options?.Callback is { } callback)
            {
                json.WritePropertyName("callback");
                JsonSerializer.Serialize(json, callback, ClientJson.Default.RunCallback);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads an answer.</summary>
    public static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, s_deep);
        return document.RootElement.Clone();
    }

    /// <summary>What a message of a stream tells; null: what this client does not know.</summary>
    public static RunEvent? Event(string message, HttpResponseMessage response)
    {
        try
        {
            return Event(message, RunStart.Of(response.Headers));
        }
        catch (Exception failed) when (IsForeign(failed))
        {
            throw Transport.Foreign(response);
        }
    }

    /// <summary>Whether reading has failed because no Faas server has written what was read.</summary>
    public static bool IsForeign(Exception failed) =>
        failed is JsonException or KeyNotFoundException or InvalidOperationException or FormatException;

    private static RunEvent? Event(string message, RunStart start)
    {
        using var document = JsonDocument.Parse(message, s_deep);
        var root = document.RootElement.Clone();
        return Text(root, "event") switch
        {
            "log" => new RunPrinted(
                root.GetProperty("data"),
                $"{root.GetProperty("type")}",
                Text(root, "stream") == "stderr",
                root.TryGetProperty("partial", out _)),
            "gap" => new RunSkipped(root.GetProperty("data").GetInt64()),
            "result" => new RunReturned(new RunResult(root.GetProperty("data"), $"{root.GetProperty("type")}")
            {
                Hint = Text(root, "hint"),
                Stats = Stats(root),
                Files = RunFileJson.Read(root),
                Start = start,
                Duration = Stats(root) is { } stats ? TimeSpan.FromSeconds(stats.WallSeconds) : null,
            }),
            "error" => new RunFailed(ProblemOf(root, start)),
            _ => null,
        };
    }

    /// <summary>A member that is a text; null: it is missing.</summary>
    public static string? Text(JsonElement from, string name) => from.TryGetProperty(name, out var text) ? text.GetString() : null;

    /// <summary>The stats; null: they are missing.</summary>
    public static RunStats? Stats(JsonElement from) => from.TryGetProperty("stats", out var stats)
        ? new RunStats(
            stats.GetProperty("cpuSeconds").GetDouble(),
            stats.GetProperty("maxRssBytes").GetInt64(),
            stats.GetProperty("wallSeconds").GetDouble())
        : null;

    // The status of the answer that was begun is 200. This is the one that an answer without a stream has for the reason.
    private static Problem ProblemOf(JsonElement from, RunStart start)
    {
        var reason = Text(from, "reason") ?? "";
        var (status, title) = StatusOf(reason);
        return new Problem(status, title, Text(from, "data") ?? "")
        {
            Reason = reason,
            CallId = start.CallId,
            Name = Text(from, "name"),
            Message = Text(from, "message"),
            Stack = Text(from, "stack"),
            File = Text(from, "file"),
            Line = Number(from, "line"),
            Column = Number(from, "column"),
            ExitCode = Number(from, "exitCode"),
            Signal = Text(from, "signal"),
            Stats = Stats(from),
        };
    }

    private static (int Status, string Title) StatusOf(string reason) => reason switch
    {
        "syntax" => (422, "Unprocessable Content"),
        "timeout" => (504, "Gateway Timeout"),
        "sandbox" => (503, "Service Unavailable"),
        _ => (500, "Internal Server Error"),
    };

    private static int? Number(JsonElement from, string name) => from.TryGetProperty(name, out var number) ? number.GetInt32() : null;

    private static void WriteSource(Utf8JsonWriter json, string text, RunOptions? options)
    {
        if (options?.Sources is not { } sources)
        {
            json.WriteString("code", text);
            return;
        }

        json.WriteStartArray("sources");
        foreach (var file in sources)
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteString(file.Text is null ? "base64" : "text", file.Text ?? file.Base64);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (options.Entry is { } entry)
        {
            json.WriteString("entry", entry);
        }
    }

    // The server parses a text as JSON (go-faas's form), so a text that is the input itself is written as JSON in a text.
    private static void WriteInput(Utf8JsonWriter json, JsonNode? input, string? raw)
    {
        if (input is null && raw is null)
        {
            return;
        }

        json.WritePropertyName("input");
        Check(raw);
        switch (raw?.TrimStart(' ', '\t', '\r', '\n'))
        {
            case ['"', ..]:
                json.WriteStringValue(raw);
                break;
            case { }:
                json.WriteRawValue(raw, skipInputValidation: true); // the writer's own validation goes no deeper than 64 levels
                break;
            case null when input!.GetValueKind() == JsonValueKind.String:
                json.WriteStringValue(input.ToJsonString());
                break;
            default:
                input!.WriteTo(json);
                break;
        }
    }

    private static void Check(string? raw)
    {
        try
        {
            using var valid = raw is null ? null : JsonDocument.Parse(raw, s_deep);
        }
        catch (JsonException wrong)
        {
            throw new ArgumentException("RunOptions.InputJson is no JSON.", nameof(raw), wrong);
        }
    }

    private static void WriteSettings(Utf8JsonWriter json, ScriptSettings? settings)
    {
        if (settings is null)
        {
            return;
        }

        foreach (var member in JsonSerializer.SerializeToElement(settings, ClientJson.Default.ScriptSettings).EnumerateObject())
        {
            member.WriteTo(json);
        }
    }

    private static void WriteFlag(Utf8JsonWriter json, string name, bool flag)
    {
        if (flag)
        {
            json.WriteBoolean(name, true);
        }
    }
}
