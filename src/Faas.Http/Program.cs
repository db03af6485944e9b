using Faas.Http.Server;

return await FaasProcess.RunAsync(args);
