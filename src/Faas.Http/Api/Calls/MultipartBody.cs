using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Http.Configuration;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Faas.Http.Api.Calls;

/// <summary>
/// A call as a form with files (multipart/form-data, RFC 7578). A part <c>sources</c> with a file name is a source file, and a part
/// <c>archive</c> a packed tree. A part with the name of another member is that member, even with a file name; any other part with a file
/// name is a file. <see cref="SourceParts"/> says when the first two are files of the call instead.
/// <para>
/// Theory of operation. The parts are read as they come. Files go into memory once. The other parts become the JSON body that a client
/// could have sent instead, so there is one reader of members.
/// </para>
/// </summary>
public static class MultipartBody
{
    private const string FormData = "multipart/form-data";
    private const int LongestBoundary = 70; // RFC 2046, section 5.1.1
    private const int MaxHeaders = 16;
    private const int MaxHeaderBytes = 8 << 10;
    private const int MaxFields = 100;

    private static readonly CallMembers[] s_texts =
    [
        CallMembers.Path, CallMembers.Language, CallMembers.Code, CallMembers.Entry, CallMembers.Isolation, CallMembers.Handler,
        CallMembers.Image, CallMembers.Description, CallMembers.Input,
    ];

    private static readonly string[] s_plain = ["7bit", "8bit", "binary"];

    /// <summary>Whether the request says that its body is one.</summary>
    public static bool Is(HttpRequest request) =>
        request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) is true
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(FormData, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads it all: the members as JSON, and the files. Throws <see cref="ProblemException"/>.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpRequest request, CallMembers members, HttpOptions limits, CallFiles files, CallSources sources)
    {
        RequestBody.CheckHeaders(request, limits.Access);
        var reader = new MultipartReader(BoundaryOf(request), request.Body)
        {
            HeadersCountLimit = MaxHeaders, HeadersLengthLimit = MaxHeaderBytes,
        };
        try
        {
            return await ReadAsync(reader, members, limits, files, sources, request.HttpContext.RequestAborted);
        }
        catch (InvalidDataException wrong)
        {
            throw ProblemException.Malformed($"The {FormData} body cannot be read: {wrong.Message}");
        }
        catch (IOException broken) when (broken is not (BadHttpRequestException or ConnectionResetException))
        {
            throw ProblemException.Malformed($"The {FormData} body ends before its last boundary, or its chunks cannot be read.");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(
        MultipartReader reader,
        CallMembers members,
        HttpOptions limits,
        CallFiles files,
        CallSources sources,
        CancellationToken cancellation)
    {
        var fields = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(fields, RelaxedJson.WriterOptions);
        json.WriteStartObject();
        var parts = new SourceParts(members, limits, files, sources);
        var (fieldCount, fieldBytes, hasCode) = (0, 0L, false);
        for (var number = 1; await reader.ReadNextSectionAsync(cancellation) is { } part; number++)
        {
            var (name, fileName) = Named(part, number);
            var member = WireNames.TryParse<CallMembers>(name, out var known) ? known & members : CallMembers.None;
            ValueTask<int> Next(Memory<byte> buffer) => part.Body.ReadAsync(buffer, cancellation);
            hasCode |= member == CallMembers.Code;
            if (parts.Has(name, member, fileName))
            {
                await parts.AddAsync(name, fileName, hasCode, Next);
                continue;
            }

            if (fileName is not null && member is CallMembers.None && !members.HasFlag(CallMembers.Files))
            {
                throw ProblemException.Malformed(
                    $"The part {UnknownName.Quoted(name)} is a file; the source files of a script are parts named \"sources\", "
                    + "or one named \"archive\".");
            }

            if (fileName is not null && (member is CallMembers.None or CallMembers.Files))
            {
                await files.AddAsync(fileName, Next);
                continue;
            }

            var value = await FieldAsync(part.Body, limits.MaxRequestBytes - fieldBytes, limits.MaxRequestBytes, cancellation);
            fieldBytes += value.Length;
            if (++fieldCount > MaxFields)
            {
                throw ProblemException.Malformed($"The {FormData} body has more than {MaxFields} parts that are no files.");
            }

            WriteField(json, name, member, value);
        }

        parts.End(hasCode);
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        return fields.WrittenMemory;
    }

    private static string BoundaryOf(HttpRequest request)
    {
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).ToString();
        return boundary.Length is > 0 and <= LongestBoundary
            ? boundary
            : throw ProblemException.Malformed(
                $"Content-Type is {UnknownName.Quoted(request.ContentType!)}; it needs a boundary of 1 to {LongestBoundary} characters.");
    }

    private static (string Name, string? FileName) Named(MultipartSection part, int number)
    {
        if (part.Headers?.TryGetValue("Content-Transfer-Encoding", out var encoding) is true
            && !s_plain.Contains(encoding.ToString().Trim(), StringComparer.OrdinalIgnoreCase))
        {
            throw ProblemException.Malformed(
                $"Part {number} has the Content-Transfer-Encoding {UnknownName.Quoted(encoding.ToString())}; send its bytes as they are.");
        }

        if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
            || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase)
            || disposition.Name.Length == 0)
        {
            throw ProblemException.Malformed($"Part {number} has no header Content-Disposition: form-data with a name.");
        }

        // ContentDispositionHeaderValue.FileNameStar throws for a parameter that has no value.
        if (disposition.Parameters.FirstOrDefault(parameter => !parameter.Value.HasValue) is { } empty)
        {
            throw ProblemException.Malformed(
                $"Part {number} has the parameter {UnknownName.Quoted(empty.Name.ToString())} without a value in its Content-Disposition.");
        }

        var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        return disposition.FileNameStar.HasValue ? (name, disposition.FileNameStar.ToString())
            : disposition.FileName.HasValue ? (name, HeaderUtilities.UnescapeAsQuotedString(disposition.FileName).ToString())
            : (name, null);
    }

    private static async Task<ReadOnlyMemory<byte>> FieldAsync(Stream body, long room, long limit, CancellationToken cancellation)
    {
        var value = new ArrayBufferWriter<byte>();
        while (await body.ReadAsync(value.GetMemory(4 << 10), cancellation) is > 0 and var count)
        {
            value.Advance(count);
            if (value.WrittenCount > room)
            {
                throw new ProblemException(FaasProblems.TooLarge($"The parts that are no files have more than {limit} bytes."));
            }
        }

        return value.WrittenMemory;
    }

    // A form has texts alone. For members that are no texts, "true", "5" and {"A": "b"} are what they are in JSON.
    private static void WriteField(Utf8JsonWriter json, string name, CallMembers member, ReadOnlyMemory<byte> value)
    {
        if (!Utf8.IsValid(value.Span))
        {
            throw ProblemException.Malformed($"The part {UnknownName.Quoted(name)} is not valid UTF-8.");
        }

        json.WritePropertyName(name);
        if (!s_texts.Contains(member) && JsonScan.IsValue(value.Span, Run.MaxInputDepth, out _))
        {
            json.WriteRawValue(value.Span, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(value.Span);
        }
    }
}
