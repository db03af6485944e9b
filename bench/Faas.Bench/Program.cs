using Faas.Bench;

return BenchProcess.Run(args);
